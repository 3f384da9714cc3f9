package org.rnnsweep.driver.cli;

import java.util.List;

/** The user's input cannot be used: one line a problem, printed as it is, exit code 2. */
final class WrongInputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WrongInputException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }

  WrongInputException(String problem) {
    this(List.of(problem));
  }
}
