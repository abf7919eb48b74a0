"""Runs the steps on the connection that the store hands over; alembic loads this file."""

from alembic import context

from dronesampler.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
