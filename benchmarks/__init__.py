"""Measured ratios: every figure stands beside a baseline taken in the same run (`make bench`)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")
django.setup()
