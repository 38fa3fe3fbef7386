// What a removal and an identity check need, and the payloads they become.
import { describe, expect, test } from "vitest";
import * as forms from "../../src/console/ctrl/forms";

describe("removal", () => {
  test("what was done is enough", () => {
    expect(forms.removalFaults({ violation: "phone", narrative: "" })).toEqual({});
    expect(Object.keys(forms.removalFaults(forms.NO_REMOVAL))).toEqual(["violation"]);
  });

  test("the payload is trimmed", () => {
    expect(forms.removeAsk({ violation: "phone", narrative: " it rang " })).toEqual({ violation: "phone", narrative: "it rang" });
  });
});

describe("identity", () => {
  const kind = (hint: string) => ({ code: "x", title: "X", hint, consequence: "" });
  const passport = forms.checksOf(kind("number photo"));
  const certificate = forms.checksOf(kind("number photo photo_reference school_seal head_signature"));
  const seen: forms.IdentityDraft = { kind: "x", number: " AN1234567 ", isPhotoLike: true, hasSeal: true, hasSignature: false, reason: " " };

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
      reason: "", picture: "",
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
