"""`avaaz doctor`: tries every part of an installation as people will use it, and says what to mend."""
