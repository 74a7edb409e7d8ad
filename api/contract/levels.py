"""CEFR levels, the same for whoever teaches, is taught or is examined."""

from enum import StrEnum


class Level(StrEnum):
    """CEFR band that teaching is aimed at."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
