// What a protocol and an identity check need, and the payloads they become.
import { describe, expect, test } from "vitest";
import * as forms from "../../src/console/ctrl/forms";

const full: forms.RemoveDraft = {
  violation: "phone",
  narrative: "A phone rang under the desk.",
  witnesses: ["Asanova B.", " Kim  D. ", ""],
  isStatementAsked: true,
  statement: " ",
};

describe("protocol", () => {
  test("a full one has no fault", () => expect(forms.protocolFaults(full, 2)).toEqual({}));

  test("an empty one lacks everything", () => {
    expect(Object.keys(forms.protocolFaults(forms.NO_PROTOCOL, 2))).toEqual(["violation", "narrative", "witnesses", "statement"]);
  });

  test("the same witness twice is one witness", () => {
    const draft = { ...full, witnesses: ["Asanova B.", "asanova  b."] };
    expect(forms.protocolFaults(draft, 2)).toHaveProperty("witnesses");
    expect(forms.protocolFaults(draft, 1)).toEqual({});
  });

  test("initials are no witness", () => {
    expect(forms.protocolFaults({ ...full, witnesses: ["AB", "Kim D."] }, 2)).toHaveProperty("witnesses");
  });

  test("a written statement shows that it was asked for", () => {
    const draft = { ...full, isStatementAsked: false, statement: "It was my alarm clock." };
    expect(forms.protocolFaults(draft, 2)).toEqual({});
    expect(forms.removeAsk(draft)).toMatchObject({ is_statement_asked: true, statement: "It was my alarm clock." });
  });

  test("the payload is trimmed and without empty witnesses", () => {
    expect(forms.removeAsk(full)).toEqual({
      violation: "phone",
      narrative: "A phone rang under the desk.",
      witnesses: ["Asanova B.", "Kim D."],
      is_statement_asked: true,
      statement: "",
    });
  });
});

describe("identity", () => {
  const kind = (hint: string) => ({ code: "x", title: "X", hint, consequence: "" });
  const passport = forms.checksOf(kind("number photo"));
  const certificate = forms.checksOf(kind("number photo photo_reference school_seal head_signature"));
  const seen: forms.IdentityDraft = { kind: "x", number: " AN1234567 ", isPhotoLike: true, hasSeal: true, hasSignature: false };

  test("a kind asks only for what it needs", () => {
    expect(passport).toEqual({ photo: true, isOnReference: false, seal: false, signature: false });
    expect(certificate).toEqual({ photo: true, isOnReference: true, seal: true, signature: true });
  });

  test("a list without known codes asks for everything", () => {
    expect(forms.checksOf(kind("Document number, Photograph matches"))).toEqual({ photo: true, isOnReference: false, seal: true, signature: true });
    expect(forms.checksOf(undefined).seal).toBe(true);
  });

  test("all must be ticked that is asked for", () => {
    expect(forms.isAllSeen(seen, passport)).toBe(true);
    expect(forms.isAllSeen(seen, certificate)).toBe(false);
    expect(forms.isAllSeen({ ...seen, hasSignature: true }, certificate)).toBe(true);
  });

  test("what is not asked for is not claimed", () => {
    expect(forms.identityAsk(seen, passport)).toEqual({
      document_kind: "x", document_number: "AN1234567", is_photo_like: true, has_seal: false, has_signature: false,
    });
  });

  test("a number is needed", () => {
    expect(forms.identityFaults({ ...seen, number: "A " })).toHaveProperty("number");
    expect(forms.identityFaults(seen)).toEqual({});
  });
});

test("a reason has at least three letters", () => {
  expect(forms.reasonFaults("  no ")).toHaveProperty("reason");
  expect(forms.reasonFaults("Power failure")).toEqual({});
});
