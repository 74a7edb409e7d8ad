"""What a process has loaded is left out of later collections; what it makes afterwards is not."""

import gc

from infra.garbage import keep_what_is_loaded


def test_only_what_is_made_later_is_collected() -> None:
    try:
        keep_what_is_loaded()
        kept = gc.get_freeze_count()
        assert kept > 1_000
        ring: list[object] = []
        ring.append(ring)
        del ring
        assert gc.collect() > 0, "what is made later is collected as ever"
        assert gc.get_freeze_count() == kept
    finally:
        gc.unfreeze()
