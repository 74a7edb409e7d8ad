"""Invitations: how people come into a school and its programs, by mail or by a link."""
