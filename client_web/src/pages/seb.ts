// <form data-seb>: carries what Safe Exam Browser tells this page to the server, which says whether it is right.
import { readSeb } from "../common/seb";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset["seb"] === undefined || form.dataset["seb"] === "read") return;
  event.preventDefault();
  void readSeb().then((told) => {
    for (const [name, value] of Object.entries(told ?? {})) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = String(value);
    }
    form.dataset["seb"] = "read";
    form.submit();
  });
});
