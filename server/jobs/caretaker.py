"""`python -m server.jobs.caretaker` does once what has fallen due; the web process does the same every second."""

from __future__ import annotations

from server.web.caretaker import take_care
from server.web.config import Config


def main() -> None:
    """One round on the configured database."""
    platform = Config.from_env().make_platform()
    take_care(platform)
    platform.database.close()


if __name__ == "__main__":
    main()
