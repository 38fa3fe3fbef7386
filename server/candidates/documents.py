"""Identity documents: one spelling of a number, and the keyed digest by which the same document is found."""

from __future__ import annotations

import unicodedata

from server.core.vault import Vault

# Letters that look alike in both scripts: nobody sees which keyboard was on.
ALIKE = str.maketrans("АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS")


def normal_number(number: str) -> str:
    """The number with capitals, without spaces, dashes, № and N° signs, look-alike letters made one."""
    text = unicodedata.normalize("NFKC", number.replace("№", "")).upper()
    return "".join(c for c in text.translate(ALIKE) if c.isalnum())


def document_mac(vault: Vault, kind: str, number: str) -> bytes:
    """The same for the same document, and telling nothing about it without the key."""
    return vault.mac("document", f"{kind}:{normal_number(number)}".encode())
