package cli.install;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The script by which fish completes a program's commands and options, with what each is for. */
final class FishCompletion {

    private final String program;
    private final StringBuilder script = new StringBuilder();

    private FishCompletion(String program) {
        this.program = program;
    }

    /** The whole script, in the language of fish's builtin {@code complete}. */
    static String of(String program, CommandLine root) {
        FishCompletion fish = new FishCompletion(program);
        fish.script.append("# ").append(program).append("'s commands and options, for fish\n");
        String noCommand = "__fish_use_subcommand";
        fish.line("-n " + quoted(noCommand) + " -f");
        root.getSubcommands().forEach((name, command) -> fish.line("-n " + quoted(noCommand) + " -a " + name + " -d "
                + quoted(summary(command.getCommandSpec()))));
        fish.addOptions(root.getCommandSpec(), noCommand);
        root.getSubcommands().forEach((name, command) -> {
            String seen = "__fish_seen_subcommand_from " + name;
            fish.addOptions(command.getCommandSpec(), seen);
            Set<String> words = new LinkedHashSet<>();
            command.getCommandSpec().positionalParameters().forEach(each -> words.addAll(candidates(each)));
            if (!words.isEmpty()) {
                fish.line("-n " + quoted(seen) + " -f -a " + quoted(String.join(" ", words)));
            }
        });
        return fish.script.toString();
    }

    private void addOptions(CommandSpec command, String condition) {
        for (OptionSpec option : command.options()) {
            if (option.hidden()) {
                continue;
            }
            StringBuilder arguments = new StringBuilder("-n ").append(quoted(condition));
            for (String name : option.names()) {
                arguments.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
            }
            if (option.arity().max() > 0) {
                List<String> values = candidates(option);
                arguments.append(takesFile(option) ? " -r -F" : " -x");
                arguments.append(values.isEmpty() ? "" : " -a " + quoted(String.join(" ", values)));
            }
            line(arguments + " -d " + quoted(firstSentence(String.join(" ", option.description()))));
        }
    }

    private void line(String arguments) {
        script.append("complete -c ").append(program).append(' ').append(arguments).append('\n');
    }

    private static List<String> candidates(ArgSpec argument) {
        List<String> texts = new ArrayList<>();
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(texts::add);
        }
        return texts;
    }

    private static boolean takesFile(OptionSpec option) {
        return option.type() == Path.class;
    }

    private static String summary(CommandSpec command) {
        return firstSentence(String.join(" ", command.usageMessage().header()));
    }

    /** Without picocli's variables and its way to write a percent sign. */
    private static String firstSentence(String text) {
        String plain = text.replaceAll("\\$\\{[^}]*\\}", "...").replace("%%", "%").replace("%n", " ");
        int end = plain.indexOf(". ");
        return (end < 0 ? plain : plain.substring(0, end)).replaceFirst("\\.$", "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
