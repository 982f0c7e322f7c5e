package cli.options;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What was wrong with the command line and what to give instead. Picocli's own words speak of types and of itself. */
public final class UsageText {

    private UsageText() {
    }

    /** The reason in one line, without a full stop. */
    public static String of(ParameterException error) {
        if (error instanceof UnmatchedArgumentException unmatched) {
            String given = unmatched.getUnmatched().get(0);
            return (given.startsWith("-") ? "unknown option " + given : unknownWord(unmatched, given))
                    + Suggestion.text(unmatched);
        }
        if (error instanceof MissingParameterException missing) {
            return missing(missing);
        }
        if (error instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " is given twice: give it once";
        }
        ArgSpec argument = error.getArgSpec();
        if (argument != null && error.getValue() != null) {
            return "invalid value '" + error.getValue() + "' for " + name(argument) + ": " + remedy(argument, error);
        }
        return error.getMessage();
    }

    private static String unknownWord(UnmatchedArgumentException error, String word) {
        boolean root = error.getCommandLine().getParent() == null;
        return root ? "unknown command '" + word + "'" : "'" + word + "' has no meaning here: leave it out";
    }

    private static String missing(MissingParameterException error) {
        ArgSpec argument = error.getArgSpec();
        if (argument == null) {
            argument = error.getMissing().get(0);
        }
        String label = label(argument);
        return argument.isOption() ? name(argument) + " stands without its " + label + ": give one"
                : "missing " + label + ": give one";
    }

    private static String remedy(ArgSpec argument, ParameterException error) {
        Class<?> type = argument.isMultiValue() ? argument.auxiliaryTypes()[0] : argument.type();
        if (type.isEnum()) {
            return "give " + Stream.of(type.getEnumConstants()).map(Object::toString)
                    .collect(Collectors.joining(" or "));
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "give a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "give a number such as 2.5";
        }
        return error.getCause() instanceof TypeConversionException conversion ? conversion.getMessage()
                : error.getMessage();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : label(argument);
    }

    private static String label(ArgSpec argument) {
        return argument.paramLabel().replaceAll("[<>]", "");
    }
}
