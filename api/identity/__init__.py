"""Who people are: accounts, organisations, memberships, cookie sessions, preferences."""
