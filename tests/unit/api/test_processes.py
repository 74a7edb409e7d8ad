"""Each process of the API's, started by itself, knows every table that its own tables lead to."""

import asyncio
import sys

import pytest

RESOLVED = """
import importlib, sys
importlib.import_module(sys.argv[1])
from api.database import Base
tables = Base.metadata.tables.values()
print(sum(1 for table in tables for key in table.foreign_keys if key.column is not None))
"""


@pytest.mark.parametrize(
    "module", ["api.main", "api.worker", "api.admin", "api.seed", "api.school.seed", "api.curriculum.load"]
)
async def test_every_foreign_key_leads_to_a_table_that_is_known(module: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RESOLVED, module, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()
    assert int(said) > 0
