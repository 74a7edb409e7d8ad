"""Sign-in through Google, Microsoft, Facebook, or any OpenID provider."""
