import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { Calculator } from "../../src/runner/tools/Calculator";
import { CLEAR, press, type Key } from "../../src/runner/tools/reckon";

const after = (keys: string) => [...keys].reduce((now, key) => press(now, key as Key), CLEAR);

describe("what the calculator shows", () => {
  it.each([
    ["2+3=", "5"],
    ["2+3×4=", "20"],
    ["0,1+0,2=", "0.3"],
    ["1÷3=", "0.33333333333"],
    ["7−9=", "-2"],
    ["5±+2=", "-3"],
    ["12⌫3", "13"],
    ["2+×3=", "6"],
    ["00,50", "0.50"],
    ["1,,5", "1.5"],
    ["2+3=4", "4"],
    ["2+3=+1=", "6"],
    ["999999999999", "999999999999"],
    ["1234567890123", "123456789012"],
    ["1÷1000000000=", "0.000000001"],
    ["1÷100000000000=÷10=", "0"],
  ])("after %s", (keys, entry) => expect(after(keys)).toMatchObject({ entry, fault: null }));

  it.each([
    ["5÷0=", "zero"],
    ["999999999999×9=", "long"],
  ])("a fault after %s, until it is cleared", (keys, fault) => {
    expect(after(keys).fault).toBe(fault);
    expect(after(`${keys}7`).fault).toBe(fault);
    expect(after(`${keys}C7`)).toMatchObject({ entry: "7", fault: null });
  });
});

describe("its keys", () => {
  const root = document.createElement("div");
  const type = (key: string) =>
    act(() => void root.querySelector(".calculator")?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));

  afterEach(() => act(() => render(null, root)));

  it("are those of the keyboard too", async () => {
    await act(() => render(<Calculator />, root));
    for (const key of ["8", "/", "5", "Enter"]) await type(key);
    expect(root.querySelector("output")?.textContent).toBe("1.6");
    await type("Delete");
    expect(root.querySelector("output")?.textContent).toBe("0");
  });
});
