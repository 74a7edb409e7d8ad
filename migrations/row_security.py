"""Row-level security, the second wall between organisations: Postgres shows a transaction one tenant's rows.

`api.tenancy` says whose rows those are. The serving role can neither bypass the policies nor change them; the
schema's owner sees every row by a policy of its own, so that migrations, backups and the functions named here
work on all of them.
"""

from alembic import op

ORGANISATION = "organisation_id = avaaz_organisation()"
PERSON = "user_id = avaaz_user()"
OPERATOR = "avaaz_operator()"


def wall(table: str, mine: str = ORGANISATION, *, also_read: str | None = None) -> None:
    """Let a table's rows be read and written only where `mine` holds.

    Args:
        table: The table.
        mine: An SQL condition over one row.
        also_read: A condition for further rows that may be read, and only read.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({mine}) WITH CHECK ({mine})")
    if also_read:
        op.execute(f"CREATE POLICY also_read ON {table} FOR SELECT USING ({also_read})")


def no_wall(table: str) -> None:
    """Take a wall down again."""
    op.execute(f"DROP POLICY tenant ON {table}")
    op.execute(f"DROP POLICY IF EXISTS also_read ON {table}")
    op.execute(f"DROP POLICY owner ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def through_the_wall(signature: str, returns: str, query: str) -> None:
    """Make a function that the serving role may ask across organisations: what it answers is all it shows.

    Args:
        signature: Name and parameters.
        returns: The SQL type of its answer.
        query: One statement, read-only.
    """
    op.execute(
        f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {query} $$"
    )
