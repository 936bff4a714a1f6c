"""The rating feature, and the Flask application that holds the whole product together."""
