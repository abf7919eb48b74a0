"""Tables, migrations and the recorder, the one writer of the database."""
