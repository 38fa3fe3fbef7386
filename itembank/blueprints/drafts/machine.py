"""Where a draft stands: written, proposed to the commission, approved; or discarded."""

from __future__ import annotations

from server.core.machine import Machine

DRAFT = Machine(
    "blueprint_draft",
    {
        "propose": (("draft",), "proposed"),
        "recall": (("proposed",), "draft"),
        "approve": (("proposed",), "approved"),
        "discard": (("draft", "proposed"), "discarded"),
    },
)
