"""The people of a school, as the tests of reviewing know them."""

from tests.api.review.conftest import colleague, maya, outsider, school, teacher

__all__ = ["colleague", "maya", "outsider", "school", "teacher"]
