"""The blueprint that the console's commands and the centre's pages share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rooms", __name__, template_folder="../templates")
