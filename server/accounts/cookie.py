"""The name of the cookie that carries a staff member's token; without the database it means nothing."""

STAFF_COOKIE = "synak_staff"
