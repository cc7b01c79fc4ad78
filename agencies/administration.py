"""Addresses of people, agencies, tables, and what an auditor reads."""

from typing import Final

from django.urls import URLPattern, path

from agencies.pages import (
    account,
    addresses,
    banks,
    books,
    budget,
    days,
    history,
    parameters,
    people,
    person,
    places,
    requests,
    roles,
    tables,
)

PATHS: Final[list[URLPattern]] = [
    path("password/", account.password, name="password"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/roles/", roles.grant, name="grant"),
    path("people/<int:pk>/roles/end/", roles.revoke, name="revoke"),
    path("people/<int:pk>/switch/", person.person_switch_view, name="person_switch"),
    path("people/<int:pk>/password/", person.person_password, name="person_password"),
    path("access-requests/", requests.requests, name="requests"),
    path("access-requests/new/", requests.request_new, name="request_new"),
    path("access-requests/<int:pk>/", requests.request_page, name="request"),
    path("access-requests/<int:pk>/decision/", requests.request_decide, name="request_decide"),
    path("agencies/", places.agencies, name="agencies"),
    path("agencies/new/", places.agency_new, name="agency_new"),
    path("agencies/upload/", tables.upload, {"table": "agencies"}, name="agencies_upload"),
    path("agencies/<str:code>/", places.agency, name="agency"),
    path("agencies/<str:code>/change/", places.agency_edit, name="agency_edit"),
    path("agencies/<str:code>/addresses/", places.address_add, name="address_add"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/refused/", addresses.refused, name="refused"),
    path("addresses/<int:pk>/end/", places.address_stop, name="address_stop"),
    path("banks/", banks.banks, name="banks"),
    path("banks/upload/", tables.upload, {"table": "banks"}, name="banks_upload"),
    path("banks/<str:bank_code>/", banks.bank, name="bank"),
    path("budget/", budget.budget, name="budget"),
    path("budget/upload/", tables.upload, {"table": "budget"}, name="budget_upload"),
    path("calendar/", days.calendar, name="calendar"),
    path("calendar/corrections/", days.correct, name="calendar_correct"),
    path("calendar/corrections/withdraw/", days.withdraw, name="calendar_withdraw"),
    path("parameters/", parameters.parameters, name="parameters"),
    path("parameters/<str:name>/", parameters.parameter, name="parameter"),
    path("history/", history.history, name="history"),
    path("books/", books.books, name="books"),
    path("books/<int:chain_id>/", books.postings, name="postings"),
]
