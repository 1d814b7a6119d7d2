"""What is asked: form-js definitions, the reader that refuses what cannot be shown, and the one maker of checked Answers."""
