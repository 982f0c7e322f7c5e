package cli.options;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class Version implements IVersionProvider {

    public static final String NUMBER = "0.2.0";

    @Override
    public String[] getVersion() {
        return new String[] {"energy-monitor " + NUMBER};
    }
}
