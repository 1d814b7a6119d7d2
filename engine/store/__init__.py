"""The store: tables, the unit of work, migrations. SQLAlchemy is spoken here and in engine/reads alone."""
