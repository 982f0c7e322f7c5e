///usr/bin/env jbang "$0" "$@" ; exit $?

//JAVA 17+

/** A JBang script that does nothing: what any start through JBang costs at least. */
public final class Empty {

    private Empty() {
    }

    public static void main(String... arguments) {
    }
}
