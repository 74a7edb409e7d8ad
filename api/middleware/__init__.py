"""What every request passes before it reaches a route."""

from api.middleware.body_limit import BodyLimitMiddleware
from api.middleware.context import RequestContextMiddleware
from api.middleware.origin import OriginCheckMiddleware
from api.middleware.security import SecurityHeadersMiddleware

__all__ = [
    "BodyLimitMiddleware",
    "OriginCheckMiddleware",
    "RequestContextMiddleware",
    "SecurityHeadersMiddleware",
]
