"""The people of a day and their cards: whoever the books do not know yet is provided and gets a card."""

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from agencies import selectors as agencies
from agencies.models import Agency
from agencies.selectors import HeldRole
from agencies.services import agency_import
from agencies.services.staff import staff_provide, treasury_staff_provide
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.parameters import parameters_on
from vouchers.files import VoucherFile

PIN = "246810"
