"""Mailings: a campaign is planned into a spool, sent from there once, and accounted for in its ledger."""
