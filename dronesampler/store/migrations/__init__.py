"""How the database came to its present shape, one file a step; run by alembic when a database is opened."""
