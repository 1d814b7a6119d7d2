"""The customer's pages: complain, follow, add to it, answer the offer, withdraw."""
