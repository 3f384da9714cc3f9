package org.rnnsweep.driver.analyse;

import com.ezylang.evalex.BaseException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.functions.AbstractFunction;
import com.ezylang.evalex.functions.FunctionIfc;
import com.ezylang.evalex.functions.FunctionParameter;
import com.ezylang.evalex.functions.basic.SqrtFunction;
import com.ezylang.evalex.operators.AbstractOperator;
import com.ezylang.evalex.operators.InfixOperator;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.parser.Token;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A constant written as people write it: {@code -1/12}, {@code ln(2)/2}, {@code sqrt(2)}. Numbers,
 * {@code + - * / ^}, parentheses, {@code sqrt ln exp}, {@code pi} and {@code e}; nothing else, so
 * that a bound is the same number every time it is read.
 */
final class BoundExpression {

  @FunctionParameter(name = "value")
  private static final class RealFunction extends AbstractFunction {
    private final DoubleUnaryOperator function;

    RealFunction(DoubleUnaryOperator function) {
      this.function = function;
    }

    @Override
    public EvaluationValue evaluate(
        Expression expression, Token token, EvaluationValue... arguments) {
      double value = arguments[0].getNumberValue().doubleValue();
      return expression.convertDoubleValue(function.applyAsDouble(value));
    }
  }

  /**
   * In double precision, for the library's exact powers need hours for 9^9^9^9. -2^2 is -4; 2^(-1)
   * needs its parentheses.
   */
  @InfixOperator(precedence = OperatorIfc.OPERATOR_PRECEDENCE_POWER_HIGHER, leftAssociative = false)
  private static final class PowerOperator extends AbstractOperator {
    @Override
    public EvaluationValue evaluate(
        Expression expression, Token token, EvaluationValue... operands) {
      double base = operands[0].getNumberValue().doubleValue();
      double exponent = operands[1].getNumberValue().doubleValue();
      return expression.convertDoubleValue(Math.pow(base, exponent));
    }
  }

  // The library's own dictionary also holds random numbers and the clock.
  private static final ExpressionConfiguration CONFIGURATION =
      ExpressionConfiguration.builder()
          .functionDictionary(
              MapBasedFunctionDictionary.ofFunctions(
                  Map.entry("sqrt", (FunctionIfc) new SqrtFunction()),
                  Map.entry("ln", new RealFunction(Math::log)),
                  Map.entry("exp", new RealFunction(Math::exp))))
          .arraysAllowed(false)
          .structuresAllowed(false)
          .implicitMultiplicationAllowed(false)
          .build()
          .withAdditionalOperators(Map.entry("^", new PowerOperator()));

  private BoundExpression() {}

  /**
   * Value of the expression.
   *
   * @throws IllegalArgumentException if it is not a finite number made of the above
   */
  static double value(String text) {
    double value;
    try {
      EvaluationValue result = new Expression(text, CONFIGURATION).evaluate();
      value = result.isNumberValue() ? result.getNumberValue().doubleValue() : Double.NaN;
    } catch (BaseException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(problem(text, e.getMessage()), e);
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(problem(text, "it is not a finite number"));
    }
    return value;
  }

  private static String problem(String text, String why) {
    return String.format(
        Locale.ROOT,
        "not a constant: '%s' (%s); allowed are numbers, + - * / ^, parentheses, sqrt, ln, exp,"
            + " pi and e",
        text,
        why);
  }
}
