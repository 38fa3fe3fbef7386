"""Alembic's entry: the connection comes from `server.jobs.migrate`, so there is no alembic.ini."""

from alembic import context

from server.web.all_models import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
