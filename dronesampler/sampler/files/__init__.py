"""Files after the flight: gas logs, tracks and captions of many programs, told apart by what is in them."""
