/** What runs the tests beside each other, in this JVM and in others. Its files are named by a pattern in RunTests. */
package lanes;
