"""The blueprint that the pages of observers, centres and offices share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("observers", __name__, template_folder="../templates")
