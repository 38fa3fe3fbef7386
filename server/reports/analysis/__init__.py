"""Achievement by school, district, language and subject (DC-2): means with their ranges, small groups left out."""
