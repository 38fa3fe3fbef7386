// Gives the server-rendered pages their look and wakes the few components that need script. Pages work without it.
import { Button, ErrorSummary, NotificationBanner, Radios, Checkboxes, SkipLink, createAll } from "govuk-frontend";
import "../style/fonts.css";
import "../style/base.scss";
import "./pages.scss";
import "./casefile.scss";
import { rememberLanguage, isLanguage } from "../common/i18n";
import "./seb";
import { wakeCheck } from "./check";
import { wakeDraft } from "./draft";
import { wakeFresh } from "./fresh";
import { wakeMarking } from "./marking";
import { wakeSeating } from "./seating";
import { wakeTask } from "./task";
import { wakeTurning } from "./turn";
import { wakeUpload } from "./upload";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink]) createAll(component);

// <button type="button" data-lang="ru">: remember the language and draw the page again in it.
document.addEventListener("click", (event) => {
  const chosen = event.target instanceof Element ? event.target.closest<HTMLElement>("button[data-lang]") : null;
  const code = chosen?.dataset["lang"];
  if (!isLanguage(code)) return;
  rememberLanguage(code);
  location.reload();
});

// <button type="button" data-print>
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
});

// <form data-upload="…">: a recording is sent in parts.
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) wakeUpload(form);

// <div data-fresh="…" id="…">: figures that grow while the page is open.
wakeFresh(document.querySelectorAll<HTMLElement>("[data-fresh]"));

// <div data-seating>: the plan of a room, on which candidates are moved.
document.querySelectorAll<HTMLElement>("[data-seating]").forEach(wakeSeating);

// <form data-marking="…">: a work is marked by keyboard.
document.querySelectorAll<HTMLFormElement>("form[data-marking]").forEach((form) => wakeMarking(form));

// <form data-check>: the code of a statement that a square code brought here.
document.querySelectorAll<HTMLFormElement>("form[data-check]").forEach((form) => wakeCheck(form));

// <form data-draft="…">: a blueprint's draft says what contradicts itself while it is written.
document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach(wakeDraft);

// <div data-task="…">: how far a task is.
document.querySelectorAll<HTMLElement>("[data-task]").forEach((box) => wakeTask(box));

// <nav data-turn>: the arrows lead to the page before and the next one.
document.querySelectorAll<HTMLElement>("[data-turn]").forEach((nav) => wakeTurning(nav));

// <div data-formulas="…">: what a candidate wrote, with its formulas drawn.
if (document.querySelector("[data-formulas]")) void import("./solutions").then(({ showFormulas }) => showFormulas(document));
