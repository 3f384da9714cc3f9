package org.rnnsweep.driver.config;

import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.config.MapBasedOperatorDictionary;
import com.ezylang.evalex.functions.FunctionIfc;
import com.ezylang.evalex.functions.basic.AbsFunction;
import com.ezylang.evalex.functions.basic.LogFunction;
import com.ezylang.evalex.functions.basic.MaxFunction;
import com.ezylang.evalex.functions.basic.MinFunction;
import com.ezylang.evalex.functions.basic.SqrtFunction;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.operators.arithmetic.InfixDivisionOperator;
import com.ezylang.evalex.operators.arithmetic.InfixMinusOperator;
import com.ezylang.evalex.operators.arithmetic.InfixMultiplicationOperator;
import com.ezylang.evalex.operators.arithmetic.InfixPlusOperator;
import com.ezylang.evalex.operators.arithmetic.InfixPowerOfOperator;
import com.ezylang.evalex.operators.arithmetic.PrefixMinusOperator;
import com.ezylang.evalex.operators.booleans.InfixAndOperator;
import com.ezylang.evalex.operators.booleans.InfixEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixGreaterEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixGreaterOperator;
import com.ezylang.evalex.operators.booleans.InfixLessEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixLessOperator;
import com.ezylang.evalex.operators.booleans.InfixNotEqualsOperator;
import com.ezylang.evalex.operators.booleans.InfixOrOperator;
import com.ezylang.evalex.operators.booleans.PrefixNotOperator;
import com.ezylang.evalex.parser.ASTNode;
import com.ezylang.evalex.parser.ParseException;
import com.ezylang.evalex.parser.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.rnnsweep.jobs.Configuration;
import org.rnnsweep.jobs.Parameter;

/**
 * Arithmetic, comparisons and logic over the parameters of a configuration: {@code width >= 50 *
 * length^2 and estimator == 'sgd'}. Nothing else can be said, and nothing outside the configuration
 * be read.
 *
 * <p>Numbers: {@code + - * / ^ sqrt ln log exp min max abs}, in double precision; {@code ln} and
 * {@code log} are both the natural logarithm; {@code -2^2} is -4. Comparisons {@code < <= > >= ==
 * !=} take numbers within a relative 1e-12 of each other as equal, so that {@code eps_x * length <=
 * 0.5} holds for {@code eps_x = 0.5/6} whichever way that was rounded. Choices compare with {@code
 * ==} and {@code !=} against {@code 'text'}. Logic: {@code and or not}, also {@code && || !}.
 *
 * <p>EvalEx parses; its evaluator is not used, because its exact powers need hours for {@code
 * 9^9^9^9}. Immutable.
 */
public final class ParameterExpression {
  private static final double EQUAL = 1e-12;
  private static final int MAX_CHARACTERS = 1000; // the parser recurses

  private static final Map<String, FunctionIfc> FUNCTIONS = functions();
  private static final ExpressionConfiguration GRAMMAR = grammar();

  /** The value of one node: a Double, a Boolean or a String. */
  private interface Node {
    Object value(Function<String, Object> parameters);
  }

  private final String text;
  private final Set<String> names;
  private final Node root;

  private ParameterExpression(String text, Set<String> names, Node root) {
    this.text = text;
    this.names = names;
    this.root = root;
  }

  /**
   * Reads an expression over these names.
   *
   * @throws IllegalArgumentException saying what is wrong, and where a name is unknown the nearest
   *     right one
   */
  public static ParameterExpression of(String text, Set<String> allowedNames) {
    Map<String, String> aliases = new LinkedHashMap<>();
    allowedNames.forEach(name -> aliases.put(name, name));
    return read(text, aliases, List.of());
  }

  /**
   * Reads an expression over the names and symbols of these parameters, and checks that numbers,
   * choices and truth values are each used as such.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static ParameterExpression of(String text, Collection<Parameter> parameters) {
    Map<String, String> aliases = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      aliases.put(parameter.name(), parameter.name());
      aliases.put(parameter.symbol(), parameter.name());
    }
    ParameterExpression expression = read(text, aliases, parameters);
    expression.kind(parameters);
    return expression;
  }

  private static ParameterExpression read(
      String text, Map<String, String> aliases, Collection<Parameter> parameters) {
    if (text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "an expression has at most " + MAX_CHARACTERS + " characters, found " + text.length());
    }
    ASTNode tree;
    try {
      tree = new Expression(text, GRAMMAR).getAbstractSyntaxTree();
    } catch (ParseException e) {
      throw new IllegalArgumentException(
          "cannot read '" + text + "' at character " + e.getStartPosition() + ": " + reason(e));
    } catch (RuntimeException e) {
      // The parser leaves some malformed texts to its data structures' own exceptions.
      throw new IllegalArgumentException("cannot read '" + text + "'");
    }
    Compiler compiler = new Compiler(text, aliases, parameters);
    Node root = compiler.compile(tree);
    return new ParameterExpression(compiler.longText(), compiler.names(), root);
  }

  private static String reason(ParseException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Undefined function") && !FUNCTIONS.containsKey(e.getTokenString())
        ? message + "; there are " + String.join(", ", FUNCTIONS.keySet())
        : message;
  }

  /** The expression with long names in place of symbols; {@code of} reads it back. */
  public String text() {
    return text;
  }

  /** Long names of the parameters it reads, in the order of the text. */
  public Set<String> names() {
    return names;
  }

  /**
   * Whether the predicate holds.
   *
   * @throws IllegalArgumentException if it is not a predicate or a parameter has no value there
   */
  public boolean test(Configuration configuration) {
    return test(configuration::get);
  }

  boolean test(Function<String, Object> parameters) {
    return as(Boolean.class, evaluate(parameters), "the whole expression");
  }

  /**
   * The number it stands for; may be infinite or NaN, as arithmetic goes.
   *
   * @throws IllegalArgumentException if it is not a number or a parameter has no value there
   */
  public double value(Configuration configuration) {
    return as(Double.class, evaluate(configuration::get), "the whole expression");
  }

  /**
   * The number it stands for where its names have these values; null for one that has none.
   *
   * @throws IllegalArgumentException if it is not a number or a name has no value
   */
  public double value(Function<String, Object> values) {
    return as(Double.class, evaluate(values), "the whole expression");
  }

  /** {@link Boolean} for a predicate, {@link Double} for a number, {@link String} for a choice. */
  Class<?> kind(Collection<Parameter> parameters) {
    return evaluate(new Probe(parameters)).getClass();
  }

  /**
   * A made-up point. Types do not depend on values, so one point finds every misuse of a type,
   * provided that both sides of every {@code and} are looked at.
   */
  private record Probe(Collection<Parameter> parameters) implements Function<String, Object> {
    @Override
    public Object apply(String name) {
      for (Parameter parameter : parameters) {
        if (parameter.name().equals(name)) {
          return parameter.type() == Parameter.Type.CHOICE ? "" : (Object) 1L;
        }
      }
      return null;
    }
  }

  private Object evaluate(Function<String, Object> parameters) {
    return root.value(parameters);
  }

  @Override
  public String toString() {
    return text;
  }

  private static <T> T as(Class<T> type, Object value, String what) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s must be %s, found %s", what, kind(type), kind(value)));
    }
    return type.cast(value);
  }

  private static String kind(Object value) {
    Class<?> type = value instanceof Class<?> c ? c : value.getClass();
    return type == Double.class ? "a number" : type == Boolean.class ? "a comparison" : "a choice";
  }

  /** Turns the parser's tree into nodes over doubles. */
  private static final class Compiler {
    private final String text;
    private final Map<String, String> aliases;
    private final Collection<Parameter> parameters;
    private final List<Token> variables = new ArrayList<>();

    Compiler(String text, Map<String, String> aliases, Collection<Parameter> parameters) {
      this.text = text;
      this.aliases = aliases;
      this.parameters = parameters;
    }

    Set<String> names() {
      Set<String> names = new LinkedHashSet<>();
      variables.forEach(token -> names.add(aliases.get(token.getValue())));
      return names;
    }

    String longText() {
      StringBuilder result = new StringBuilder(text);
      List<Token> backwards = new ArrayList<>(variables);
      backwards.sort(Comparator.comparingInt(Token::getStartPosition).reversed());
      for (Token token : backwards) {
        int start = token.getStartPosition() - 1;
        result.replace(start, start + token.getValue().length(), aliases.get(token.getValue()));
      }
      return result.toString();
    }

    Node compile(ASTNode tree) {
      Token token = tree.getToken();
      String word = token.getValue();
      List<Node> parts = new ArrayList<>();
      tree.getParameters().forEach(part -> parts.add(compile(part)));
      return switch (token.getType()) {
        case NUMBER_LITERAL -> number(word);
        case STRING_LITERAL -> parametersByName -> word;
        case VARIABLE_OR_CONSTANT -> variable(token);
        case PREFIX_OPERATOR ->
            word.equals("-") ? numbers(word, parts, v -> -v[0]) : not(word, parts.get(0));
        case INFIX_OPERATOR -> infix(word, tree, parts);
        case FUNCTION -> function(word.toLowerCase(Locale.ROOT), parts);
        default -> throw new IllegalArgumentException("'" + word + "' is not allowed in " + text);
      };
    }

    private Node number(String word) {
      double value;
      try {
        value = Double.parseDouble(word);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("not a decimal number: " + word);
      }
      return parameters -> value;
    }

    private Node variable(Token token) {
      String name = aliases.get(token.getValue());
      if (name == null) {
        String nearest = NearestName.of(token.getValue(), aliases.keySet());
        throw new IllegalArgumentException(
            "unknown name '"
                + token.getValue()
                + "' in '"
                + text
                + "'"
                + (nearest.isEmpty() ? "" : "; did you mean '" + nearest + "'?")
                + " (allowed: "
                + String.join(", ", aliases.keySet())
                + ")");
      }
      variables.add(token);
      return parameters -> {
        Object value = parameters.apply(name);
        if (value == null) {
          throw new IllegalArgumentException("'" + name + "' has no value here: '" + text + "'");
        }
        return value instanceof Number v ? (Object) v.doubleValue() : value;
      };
    }

    private Node infix(String word, ASTNode tree, List<Node> parts) {
      Node left = parts.get(0);
      Node right = parts.get(1);
      return switch (word.toLowerCase(Locale.ROOT)) {
        case "+" -> numbers(word, parts, v -> v[0] + v[1]);
        case "-" -> numbers(word, parts, v -> v[0] - v[1]);
        case "*" -> numbers(word, parts, v -> v[0] * v[1]);
        case "/" -> numbers(word, parts, v -> v[0] / v[1]);
        case "^" -> numbers(word, parts, v -> Math.pow(v[0], v[1]));
        case "<" -> numbers(word, parts, v -> v[0] < v[1] && !equal(v));
        case "<=" -> numbers(word, parts, v -> v[0] < v[1] || equal(v));
        case ">" -> numbers(word, parts, v -> v[0] > v[1] && !equal(v));
        case ">=" -> numbers(word, parts, v -> v[0] > v[1] || equal(v));
        case "==", "=" -> equality(word, tree, left, right, true);
        case "!=", "<>" -> equality(word, tree, left, right, false);
        case "&&", "and" -> logic(word, left, right, true);
        default -> logic(word, left, right, false);
      };
    }

    private Node function(String word, List<Node> parts) {
      return switch (word) {
        case "sqrt" -> numbers(word, parts, v -> Math.sqrt(v[0]));
        case "ln", "log" -> numbers(word, parts, v -> Math.log(v[0]));
        case "exp" -> numbers(word, parts, v -> Math.exp(v[0]));
        case "abs" -> numbers(word, parts, v -> Math.abs(v[0]));
        case "min" -> numbers(word, parts, v -> Arrays.stream(v).min().orElse(Double.NaN));
        default -> numbers(word, parts, v -> Arrays.stream(v).max().orElse(Double.NaN));
      };
    }

    private static Node numbers(String word, List<Node> parts, Function<double[], Object> rule) {
      return parameters -> {
        double[] values = new double[parts.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] =
              as(Double.class, parts.get(i).value(parameters), "each side of '" + word + "'");
        }
        return rule.apply(values);
      };
    }

    private static boolean equal(double[] v) {
      return v[0] == v[1]
          || Math.abs(v[0] - v[1]) <= EQUAL * Math.max(Math.abs(v[0]), Math.abs(v[1]));
    }

    private Node equality(String word, ASTNode tree, Node left, Node right, boolean equal) {
      requireChoice(tree.getParameters().get(0), tree.getParameters().get(1));
      requireChoice(tree.getParameters().get(1), tree.getParameters().get(0));
      return parameters -> {
        Object a = left.value(parameters);
        Object b = as(a.getClass(), right.value(parameters), "the right side of '" + word + "'");
        boolean same = a instanceof Double x ? equal(new double[] {x, (Double) b}) : a.equals(b);
        return same == equal;
      };
    }

    /** A choice compared with a word that it never takes is a slip of the pen. */
    private void requireChoice(ASTNode variable, ASTNode literal) {
      if (variable.getToken().getType() != Token.TokenType.VARIABLE_OR_CONSTANT
          || literal.getToken().getType() != Token.TokenType.STRING_LITERAL) {
        return;
      }
      String name = aliases.get(variable.getToken().getValue());
      String found = literal.getToken().getValue();
      for (Parameter parameter : parameters) {
        if (parameter.name().equals(name)
            && parameter.type() == Parameter.Type.CHOICE
            && parameter.problem(found) != null) {
          throw new IllegalArgumentException(
              "'"
                  + found
                  + "' is never a value of '"
                  + name
                  + "' (allowed: "
                  + String.join(", ", parameter.choices())
                  + ")");
        }
      }
    }

    private static Node logic(String word, Node left, Node right, boolean and) {
      return parameters -> {
        boolean a = as(Boolean.class, left.value(parameters), "each side of '" + word + "'");
        if (a != and && !(parameters instanceof Probe)) {
          return a; // so that "estimator == 'sgd' and steps > 10" can be asked of any estimator
        }
        boolean b = as(Boolean.class, right.value(parameters), "each side of '" + word + "'");
        return and ? a && b : a || b;
      };
    }

    private static Node not(String word, Node part) {
      return parameters ->
          !as(Boolean.class, part.value(parameters), "what follows '" + word + "'");
    }
  }

  /** The library's own functions stand for their arity alone: one number, or any count of them. */
  private static Map<String, FunctionIfc> functions() {
    Map<String, FunctionIfc> functions = new LinkedHashMap<>();
    functions.put("sqrt", new SqrtFunction());
    functions.put("ln", new LogFunction());
    functions.put("log", new LogFunction());
    functions.put("exp", new LogFunction());
    functions.put("min", new MinFunction());
    functions.put("max", new MaxFunction());
    functions.put("abs", new AbsFunction());
    return functions;
  }

  private static ExpressionConfiguration grammar() {
    MapBasedFunctionDictionary functions = new MapBasedFunctionDictionary();
    FUNCTIONS.forEach(functions::addFunction);
    MapBasedOperatorDictionary operators = new MapBasedOperatorDictionary();
    operators.addOperator("+", new InfixPlusOperator());
    operators.addOperator("-", new InfixMinusOperator());
    operators.addOperator("-", new PrefixMinusOperator());
    operators.addOperator("*", new InfixMultiplicationOperator());
    operators.addOperator("/", new InfixDivisionOperator());
    operators.addOperator("^", new InfixPowerOfOperator());
    operators.addOperator("<", new InfixLessOperator());
    operators.addOperator("<=", new InfixLessEqualsOperator());
    operators.addOperator(">", new InfixGreaterOperator());
    operators.addOperator(">=", new InfixGreaterEqualsOperator());
    operators.addOperator("==", new InfixEqualsOperator());
    operators.addOperator("=", new InfixEqualsOperator());
    operators.addOperator("!=", new InfixNotEqualsOperator());
    operators.addOperator("<>", new InfixNotEqualsOperator());
    operators.addOperator("and", new InfixAndOperator());
    operators.addOperator("&&", new InfixAndOperator());
    operators.addOperator("or", new InfixOrOperator());
    operators.addOperator("||", new InfixOrOperator());
    operators.addOperator("not", new PrefixNotOperator());
    operators.addOperator("!", new PrefixNotOperator());
    return ExpressionConfiguration.builder()
        .operatorDictionary(operators)
        .functionDictionary(functions)
        .defaultConstants(Map.of())
        .arraysAllowed(false)
        .structuresAllowed(false)
        .implicitMultiplicationAllowed(false)
        .singleQuoteStringLiteralsAllowed(true)
        .powerOfPrecedence(OperatorIfc.OPERATOR_PRECEDENCE_POWER_HIGHER)
        .build();
  }
}
