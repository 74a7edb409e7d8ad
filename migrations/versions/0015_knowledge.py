"""Documents, their chunks and vectors, and the sources of turns."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import no_wall, through_the_wall, wall

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXED_DIMENSIONS = (256, 384, 512, 768, 1024, 1536)
"""Of the models that are in use. Vectors of another length are found without an index."""
OWNERS = (
    "(scope = 'organisation' AND program_id IS NULL AND learner_id IS NULL) OR "
    "(scope = 'program' AND program_id IS NOT NULL AND learner_id IS NULL) OR "
    "(scope = 'learner' AND learner_id IS NOT NULL AND program_id IS NULL)"
)
SEARCH = "search_chunks(text, text[], text, text, integer, uuid, boolean, uuid[], integer)"


def upgrade() -> None:
    """Apply."""
    create_documents()
    create_chunks()
    create_search()
    through_the_wall(
        "organisations_to_embed(of_model text, length integer)",
        "SETOF uuid",
        "SELECT DISTINCT organisation_id FROM document_chunks "
        "WHERE (model, dimension) IS DISTINCT FROM (of_model::varchar, length)",
    )
    through_the_wall(
        "documents_left_behind(before timestamptz)",
        "TABLE (organisation_id uuid, document_id uuid)",
        "SELECT organisation_id, id FROM documents "
        "WHERE state IN ('queued', 'parsing', 'embedding') AND updated_at < before",
    )
    op.add_column(
        "turns",
        sa.Column("sources", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )


def create_documents() -> None:
    """Files that people brought."""
    op.create_table(
        "documents",
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("lesson_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(length=2), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("chunk_count", sa.Integer(), nullable=False),
        *common("documents"),
        goes_with("documents", "program_id", "programs"),
        goes_with("documents", "learner_id", "users"),
        goes_with("documents", "uploaded_by", "users", "SET NULL"),
        sa.CheckConstraint(
            "scope IN ('organisation', 'program', 'learner')", name=op.f("ck_documents_scope")
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'parsing', 'embedding', 'ready', 'failed')", name=op.f("ck_documents_state")
        ),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_documents_reason")),
        sa.CheckConstraint(OWNERS, name=op.f("ck_documents_owner")),
    )
    op.create_index(
        "ix_documents_organisation_id_created_at", "documents", ["organisation_id", "created_at", "id"]
    )
    for column in ("program_id", "learner_id", "uploaded_by"):
        op.create_index(op.f(f"ix_documents_{column}"), "documents", [column])
    op.create_index(
        "ix_documents_unfinished",
        "documents",
        ["updated_at"],
        postgresql_where=sa.text("state IN ('queued', 'parsing', 'embedding')"),
    )
    wall("documents")


def create_chunks() -> None:
    """Pieces of documents. Whose they are stands with them, so that a search needs no other table."""
    op.create_table(
        "document_chunks",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("heading", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=True),
        sa.Column("dimension", sa.Integer(), nullable=True),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('english', heading || ' ' || text)", persisted=True),
            nullable=True,
        ),
        *common("document_chunks"),
        goes_with("document_chunks", "document_id", "documents"),
        goes_with("document_chunks", "program_id", "programs"),
        goes_with("document_chunks", "learner_id", "users"),
        sa.UniqueConstraint("document_id", "position", name=op.f("uq_document_chunks_document_id_position")),
    )
    op.execute("ALTER TABLE document_chunks ADD COLUMN embedding vector")
    op.execute(
        "ALTER TABLE document_chunks ADD CONSTRAINT ck_document_chunks_embedded CHECK "
        "((embedding IS NULL) = (model IS NULL) AND (embedding IS NULL) = (dimension IS NULL))"
    )
    for column in ("organisation_id", "program_id", "learner_id"):
        op.create_index(op.f(f"ix_document_chunks_{column}"), "document_chunks", [column])
    op.create_index("ix_document_chunks_words", "document_chunks", ["words"], postgresql_using="gin")
    for length in INDEXED_DIMENSIONS:
        op.execute(
            f"CREATE INDEX ix_document_chunks_embedding_{length} ON document_chunks "
            f"USING hnsw ((embedding::vector({length})) vector_cosine_ops) WHERE dimension = {length}"
        )
    wall("document_chunks")


def create_search() -> None:
    """Both lists of a hybrid search, in one go.

    A function of the schema's owner, because Postgres uses no full-text index behind row-level security (its
    operator is not leakproof). It looks at the rows of the organisation that is acted for and at nothing
    else.
    """
    op.execute(
        """
        CREATE FUNCTION search_chunks(
            question text, skipped text[], point text, of_model text, length integer,
            person uuid, whole_school boolean, within uuid[], most integer
        )
        RETURNS TABLE (chunk_id uuid, distance double precision, coverage double precision)
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp
        SET hnsw.ef_search = 100
        SET hnsw.iterative_scan = 'strict_order'
        AS $$
        DECLARE
            enough CONSTANT integer := 400;  -- a word that stands in so many chunks tells little
            seen CONSTANT text := 'c.organisation_id = $1 AND (c.scope = ''organisation'' '
                'OR c.learner_id = $2 OR c.program_id = ANY ($3)) '
                'AND ($4 IS NULL OR c.document_id = ANY ($4))';
            organisation uuid := avaaz_organisation();
            programs uuid[];
            kept integer;
            asked text[];
            times bigint[];
            weights float8[] := '{}';
            rare text[] := '{}';
            budget bigint := 2 * enough;
            near text := 'SELECT NULL::uuid AS id LIMIT 0';
            told text := 'SELECT NULL::uuid AS id LIMIT 0';
            share text := '0::float8';
            away text := 'NULL::float8';
        BEGIN
            SELECT array_agg(p.id) INTO programs FROM programs p WHERE p.organisation_id = organisation
                AND (whole_school OR EXISTS (
                    SELECT 1 FROM enrolments e WHERE e.program_id = p.id AND e.user_id = person));
            SELECT coalesce(sum(d.chunk_count), 0) INTO kept FROM documents d
                WHERE d.organisation_id = organisation;
            EXECUTE 'SELECT array_agg(one ORDER BY n, one), array_agg(n ORDER BY n, one) FROM (SELECT one, '
                '(SELECT count(*) FROM (SELECT 1 FROM document_chunks c WHERE '
                'c.words @@ quote_literal(one)::tsquery AND ' || seen || ' LIMIT ' || enough || ') m) AS n '
                'FROM unnest(tsvector_to_array(to_tsvector(''english'', $5))) AS one '
                'WHERE NOT one = ANY ($6) LIMIT 24) AS counted'
                INTO asked, times USING organisation, person, programs, within, question, skipped;
            FOR i IN 1 .. coalesce(cardinality(asked), 0) LOOP
                weights := weights || ln(1 + (kept + 1.0) / (times[i] + 0.5))::float8;
                IF times[i] BETWEEN 1 AND enough - 1 AND times[i] <= budget THEN
                    rare := rare || quote_literal(asked[i]);
                    budget := budget - times[i];
                END IF;
            END LOOP;
            IF cardinality(asked) > 0 THEN
                SELECT '(' || string_agg(format('CASE WHEN c.words @@ %L::tsquery THEN %s ELSE 0 END',
                        quote_literal(asked[i]), weights[i]), ' + ')
                    || format(') / %s', (SELECT sum(w) FROM unnest(weights) AS w))
                    INTO share FROM generate_subscripts(asked, 1) AS i;
                told := format('SELECT c.id FROM document_chunks c WHERE c.words @@ %L::tsquery AND %s '
                    'ORDER BY %s DESC, c.id LIMIT $5',
                    CASE WHEN cardinality(rare) > 0 THEN array_to_string(rare, ' | ')
                        ELSE (SELECT string_agg(quote_literal(one), ' & ') FROM unnest(asked) AS one) END,
                    seen, share);
            END IF;
            IF point IS NOT NULL THEN
                away := format('CASE WHEN c.model = $7 AND c.dimension = %1$s '
                    'THEN (c.embedding::vector(%1$s) <=> $6::vector(%1$s)) END', length);
                near := format('SELECT c.id FROM document_chunks c WHERE c.dimension = %1$s '
                    'AND c.model = $7 AND %2$s '
                    'ORDER BY c.embedding::vector(%1$s) <=> $6::vector(%1$s) LIMIT $5', length, seen);
            END IF;
            RETURN QUERY EXECUTE format('SELECT c.id, %s, (%s)::float8 FROM document_chunks c '
                'WHERE c.id IN ((%s) UNION (%s))', away, share, told, near)
                USING organisation, person, programs, within, most, point, of_model;
        END
        $$
        """
    )


def common(table: str) -> list[sa.schema.SchemaItem]:
    """What every row has."""
    made: dict[str, Any] = {"server_default": sa.text("now()"), "nullable": False}
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), **made),
        sa.Column("updated_at", sa.DateTime(timezone=True), **made),
        goes_with(table, "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def goes_with(table: str, column: str, other: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A row that goes with what it belongs to, or forgets it."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=then)


def downgrade() -> None:
    """Revert."""
    op.drop_column("turns", "sources")
    op.execute("DROP FUNCTION documents_left_behind(timestamptz)")
    op.execute("DROP FUNCTION organisations_to_embed(text, integer)")
    op.execute(f"DROP FUNCTION {SEARCH}")
    for table in ("document_chunks", "documents"):
        no_wall(table)
        op.drop_table(table)
