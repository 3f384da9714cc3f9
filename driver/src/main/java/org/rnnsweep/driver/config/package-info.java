/**
 * Experiment files: HOCON text in, a typed {@link org.rnnsweep.driver.config.Experiment} or all its
 * problems out.
 *
 * <pre>{@code
 * experiment = inversion-quick              # lower-case words joined by '-'
 * description = "..."                       # optional
 * job = inversion                           # see `rnnsweep list`
 * numerics { library = native, precision = double }   # optional; native-portable, java; single
 * seeds { root = 20210521, count = 5, looks = [5] }   # looks: when verdicts may be taken
 * seeds { root = 1, min = 8, max = 32, until = decided }  # instead: ends at a look, by default 8,
 *                                         # 16, 32; or until { metric = linf,
 *                                         # relative-half-width = 0.05 } in every configuration
 * parameters { estimator = least-squares }  # one value each; others keep the job's default
 * axes {                                    # every combination, the last axis running fastest
 *   dimension = [2, 4]                      # a list without repetition, or one value
 *   m = { log2 { from = 250, to = 2000 } }  # 250, 500, 1000, 2000; m is the paper's symbol of width
 *   L = { linear { from = 2, to = 6, step = 2 } }
 *   zip = [ { a = [1, 2], b = [3, 4] } ]    # taken together: (1, 3), (2, 4)
 *   union = [ { ... }, { ... } ]            # the points of each, in turn; equal ones merge
 *   product = [ { ... } ]                   # nested nodes, for a `where` of their own
 *   where = "m >= 50 * L^2"                 # keeps this node's points for which it holds
 * }
 * claims = [ {
 *   id = pg-inversion-theorem, part = width # one statement; id, part and reading are unique
 *   reading = printed                       # or repaired
 *   statement = "...", source = "..."
 *   metric = linf, axis = width             # 1/name for a parameter that goes to 0
 *   shape = "sqrt(ln(m))"                   # a known factor to divide out; default 1
 *   relation = "exponent <= -1/12"
 *   logs = 11                               # power of log m in the stated bound; default 0
 *   margin = 0.05                           # default: that of the relation
 *   where = "...", attacks = []
 *   prediction = "exponent = -1/2", prediction-source = "..."
 * } ]
 * figures = [ {
 *   id = error-by-width, title = "...", x = width, metrics = [linf]
 *   lines = length, panels = dimension, scale = log-log   # or semilog, linear
 *   metrics-as = rows, y-label = ""       # or lines: several metrics on one pair of axes
 *   x-label = "..."                       # x may be an expression: "L/sqrt(m)"
 *   references = [ { label = "1/x", formula = "1/x" } ]   # curves over x, or over its parameter
 * } ]
 * comparison {                              # optional: the report's table beside a published one
 *   published = "published/table1.csv"      # beside this file or below; a line a number, # notes
 *   rows = [language, labels], columns = activation   # swept parameters, and columns of the file
 *   name = printed_name                     # its column for what a row is called; optional
 *   metric = accuracy, at-least = 0.99      # its column of numbers; runs that reach it are counted
 *   counts = [stuck], beside = [trivial_constant]   # ones counted; means shown
 * }
 * }</pre>
 *
 * <p>Promises. A key is written once, included files counted in: HOCON would let the later value
 * win in silence. {@code include "name"} takes a file beside the experiment, {@code include
 * "../shared/name"} one of the folder {@code shared} beside the experiment's, and nothing else.
 * Substitutions see the file and what it includes, never the environment or system properties. A
 * parameter that means nothing for some value of a choice may be fixed for all in {@code
 * parameters} and is dropped there; in {@code axes} it must mean something at every point.
 *
 * <p>A folder of experiments is a {@link org.rnnsweep.driver.config.Suite}; the file {@code
 * suite.conf} in it, which may be missing, says what belongs to none of them:
 *
 * <pre>{@code
 * suite = papers-quick          # also the default store's folder; else the folder's name
 * title = "...", description = "..."
 * front = [ "experiment/figure" ]  # figures on the scoreboard's first page
 * catalogue = [ {               # optional; then every claim of the suite must be in it
 *   paper = "...", title = "..."
 *   claims = [ { id = ..., feasibility = exact, statement = "..." } ]  # approximate, qualitative
 * } ]
 * }</pre>
 *
 * <p>Start at {@link org.rnnsweep.driver.config.ExperimentReader} and {@link
 * org.rnnsweep.driver.config.SuiteReader}. May use the jobs' contract and the file system. Must not
 * use Spark or the clock, and computes no trial.
 */
package org.rnnsweep.driver.config;
