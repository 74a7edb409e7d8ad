"""What programs show instead of a cookie: short bearer tokens with rotating refresh tokens, and API keys."""
