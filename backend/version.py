"""The version that the page and the API tell."""

VERSION = "0.1.0"
