"""The client's types are those of the server's payload classes."""

from __future__ import annotations

from typing import Literal, get_args

import pytest

from server.jobs import wire


def test_the_committed_file_is_what_the_classes_say() -> None:
    assert wire.TARGET.read_text(encoding="utf-8") == wire.render()


def test_every_payload_class_is_in_the_file() -> None:
    text = wire.render()
    for model in wire.payload_classes():
        assert f" {model.__name__} " in text


def test_every_event_has_its_body_in_the_map() -> None:
    text = wire.render()
    for name, body in wire.EVENTS.items():
        assert f'  readonly "{name}": {body.__name__};\n' in text


def test_every_event_name_may_stand_in_a_frame() -> None:
    frame = wire.monitoring_wire.EventFrame.model_fields["name"].annotation
    assert set(get_args(frame)) == set(wire.EVENTS)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "number | null"),
        (
            {"type": "array", "items": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/E"}]}},
            "readonly (string | E)[]",
        ),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "Readonly<Record<string, string>>"),
        ({"enum": ["a", "b"]}, "Ab"),
        ({"enum": ["a", "c"]}, '"a" | "c"'),
    ],
)
def test_types(schema: wire.Schema, text: str) -> None:
    assert wire.ts_type(schema, {get_args(Literal["a", "b"]): "Ab"}) == text


def test_an_unforeseen_schema_is_an_error() -> None:
    with pytest.raises(ValueError, match="no TypeScript"):
        wire.ts_type({"type": "tuple"}, {})
