/**
 * The commands. Each is one class: it reads its arguments, calls the packages below, and turns what
 * they say into text and an exit code. Results go to standard output, everything else to standard
 * error, so that output can be piped.
 */
package org.rnnsweep.driver.cli;
