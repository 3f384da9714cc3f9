/**
 * Regular languages as minimal automata, and the words and labels that networks are trained and
 * tested on.
 *
 * <p>Paper: Panigrahi and Goyal, "Learning and Generalization in RNNs", Appendix I, Table 1, which
 * takes data and code from Bhattamishra, Ahuja and Goyal (EMNLP 2020). Its rows are, in {@link
 * org.rnnsweep.kernels.languages.LanguageCatalog}:
 *
 * <ul>
 *   <li>Tomita 1 to 7: {@code tomita-1} to {@code tomita-7}. The benchmark marks, for Tomita 3
 *       alone, the symbols whose result is a member ({@link
 *       org.rnnsweep.kernels.languages.LabelKind#ACCEPT}); legality proper is {@code VIABLE}
 *   <li>Parity: {@code parity-odd} by the paper's definition; the benchmark's words are those of
 *       {@code parity-even}
 *   <li>D_2, D_3, D_4: {@code d-2} to {@code d-4}, drawn uniformly, since the benchmark's sampler
 *       gives some hundred different words where 12000 are needed; {@code d-1} is beside the table
 *   <li>(00)*: {@code 00-star}; (0101)*: {@code 0101-star}
 *   <li>(00)*(11)*: literally {@code 00-star-11-star}, with 5150 words of length 2 to 200, too few
 *       for the printed sizes; the benchmark's generator makes {@code 0-plus-1-plus}, 00*11*. It
 *       ends a word by a symbol and asks for a third bit, whether that symbol may come; here both
 *       are left out, the bit being the opposite of the first
 * </ul>
 *
 * <p>Section 5 and Appendix H: L_1 = 0*10* is {@code exactly-one-1}, words with a given substring
 * are {@code contains-PATTERN}, PARITY is {@code parity-odd}. The alphabet is 0 and 1 throughout,
 * also where a language needs only one of them.
 *
 * <p>May use {@code random}. Promises: a word, a set of words and their order are functions of the
 * language, the plan and the key alone; nothing is drawn that is not a member; counts and uniform
 * draws are exact.
 */
package org.rnnsweep.kernels.languages;
