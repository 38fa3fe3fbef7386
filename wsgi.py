"""The web process: `gunicorn wsgi:app`."""

from server.web.app import create_app
from server.web.config import Config

app = create_app(Config.from_env())
