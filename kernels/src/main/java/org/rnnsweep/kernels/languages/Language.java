package org.rnnsweep.kernels.languages;

import java.util.Objects;

/** A regular language with the data and the question that it is studied by. Immutable. */
public final class Language {
  private final String name;
  private final String definition;
  private final Dfa dfa;
  private final LabelKind labels;
  private final DataPlan plan;
  private final Proposal proposal; // null where the benchmark has none that could be used

  private Language(
      String name, String definition, Dfa dfa, LabelKind labels, DataPlan plan, Proposal proposal) {
    this.name = Objects.requireNonNull(name);
    this.definition = Objects.requireNonNull(definition);
    this.dfa = Objects.requireNonNull(dfa);
    this.labels = Objects.requireNonNull(labels);
    this.plan = Objects.requireNonNull(plan);
    this.proposal = proposal;
  }

  /**
   * A language that the benchmark does not have: {@link DataPlan#STANDARD}, uniform sampling, and
   * labels of membership if every symbol is always legal, of legality if not.
   *
   * @param definition in words, for lists and figures
   */
  public static Language of(String name, String definition, Dfa dfa) {
    boolean dead = false;
    for (int state = 0; state < dfa.states(); state++) {
      dead |= !dfa.alive(state);
    }
    LabelKind labels = dead ? LabelKind.VIABLE : LabelKind.MEMBERSHIP;
    return new Language(name, definition, dfa, labels, DataPlan.STANDARD, null);
  }

  /** The same language with this kind of label. */
  public Language withLabels(LabelKind other) {
    return new Language(name, definition, dfa, other, plan, proposal);
  }

  /** The same language with this plan of its data. */
  public Language withPlan(DataPlan other) {
    return new Language(name, definition, dfa, labels, other, proposal);
  }

  /** The same language with the benchmark's sampler. */
  Language withProposal(Proposal other) {
    return new Language(name, definition, dfa, labels, plan, other);
  }

  /** The name that the catalogue knows it by, or the text that it was made of. */
  public String name() {
    return name;
  }

  /** What its members are, in words. */
  public String definition() {
    return definition;
  }

  /** Its minimal automaton. */
  public Dfa dfa() {
    return dfa;
  }

  /** What the benchmark asks about it. */
  public LabelKind labels() {
    return labels;
  }

  /** Sizes and lengths of the benchmark's data. */
  public DataPlan plan() {
    return plan;
  }

  /** The sampler that a plan's wish leads to. */
  public Sampling sampling(Sampling wish) {
    return proposal == null ? Sampling.UNIFORM : wish;
  }

  /** The benchmark's sampler, or null. */
  Proposal proposal() {
    return proposal;
  }
}
